"""What files hold whatever they are called: members of archives and pickles in them, told by their bytes."""
