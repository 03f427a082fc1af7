"""The way of a request from the web server to Django: taken in with a deadline, admitted, answered."""
