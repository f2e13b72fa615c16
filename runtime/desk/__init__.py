"""What a person may do, one function a command, inside a transaction that the door has opened."""
