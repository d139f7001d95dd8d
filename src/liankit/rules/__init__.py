"""Rules as data: schemes of clauses over named quantities, graded in three values, with a reason for every clause."""
