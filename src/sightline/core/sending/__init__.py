"""What is sent to people about a child: packs for meetings and copies of plans, one copy for each recipient, checked by a second person."""
