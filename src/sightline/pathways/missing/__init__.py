"""Children who go missing, or are away from where they should be."""
