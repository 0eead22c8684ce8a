"""What is true: one module per noun, its pure rules first, then its transactions with their SQL."""
