SELECT sequence, epoch, type, bytes, self FROM event WHERE position = ?1
