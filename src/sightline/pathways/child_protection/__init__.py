"""Child protection: strategy discussion, section 47 enquiry, conferences and plans."""
