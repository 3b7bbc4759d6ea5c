"""The independent chairs: conference chairs and reviewing officers, and what children say of their meetings."""
