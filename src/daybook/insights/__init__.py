"""Figures across rooms: the dashboard and the reports. Reads only, over bounded periods or kept totals."""
