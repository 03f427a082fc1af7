"""What happens between "make the file" and the insurer's answer: the job, its proof, delivery and reply."""
