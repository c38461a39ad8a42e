INSERT INTO event (tenant, run, sequence, previous, epoch, type, self, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
