-- Compares and adds in one step: nothing is added unless the run is held in this epoch and its head is the expected one.
INSERT INTO event (tenant, run, sequence, previous, epoch, type, self, bytes)
SELECT tenant, run, ?3, head_position, ?4, ?5, ?6, ?7
FROM run
WHERE tenant = ?1 AND run = ?2
  AND head_sequence = ?8 AND head = ?9 AND epoch = ?10 AND owner_boot IS NOT NULL
