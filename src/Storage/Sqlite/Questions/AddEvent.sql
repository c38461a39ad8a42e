INSERT INTO event (tenant, run, sequence, epoch, type, bytes, self) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
