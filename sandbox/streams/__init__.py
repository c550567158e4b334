"""What follows a table's stream: the replicas of a global table, and the functions that it triggers."""
