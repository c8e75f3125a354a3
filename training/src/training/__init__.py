"""Training of Lucency's networks: data readers, leak check, training loop, export with true cards."""
