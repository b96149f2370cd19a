package dataset

const maxSide = 4096
