"""Children in need: plans, reviews and visits under section 17."""
