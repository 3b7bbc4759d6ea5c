"""What is sent to people about a child: what a pack holds, what each recipient reads of it, and what is hidden from them and why."""
