"""What runs inside the Rasa server: understanding, channels, and the program that starts them."""
