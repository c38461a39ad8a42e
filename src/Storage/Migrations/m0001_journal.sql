-- The tenant is part of every key, so that no query can forget it.
CREATE TABLE run (
    tenant          TEXT    NOT NULL,
    run             BLOB    NOT NULL CHECK (length(run) = 16),
    wrapped_key     BLOB    NOT NULL,
    workspace       TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    idempotency_key TEXT,
    head_sequence   INTEGER NOT NULL,
    head            BLOB    NOT NULL CHECK (length(head) = 32),
    head_position   INTEGER NOT NULL,
    status          TEXT    NOT NULL,
    reason          TEXT    NOT NULL,
    proof           TEXT    NOT NULL,
    goal            BLOB,
    updated_at      INTEGER NOT NULL,
    cost_dollars    TEXT    NOT NULL,
    tokens          INTEGER NOT NULL,
    turns           INTEGER NOT NULL,
    wake_at         INTEGER,
    -- The lease lives in the row that an append compares and sets anyway. The epoch only grows.
    epoch           INTEGER NOT NULL DEFAULT 0,
    owner_boot      TEXT,
    owner_process   INTEGER,
    owner_start     INTEGER,
    owner_instance  INTEGER,
    lease_until     INTEGER,
    PRIMARY KEY (tenant, run)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX run_by_idempotency_key ON run (tenant, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX run_by_creation ON run (tenant, created_at DESC, run DESC);
CREATE INDEX run_by_workspace ON run (tenant, workspace, created_at DESC, run DESC);
CREATE INDEX run_by_wake_up ON run (wake_at) WHERE wake_at IS NOT NULL;

-- There is one writer at a time and entries are never deleted: a position grows in the order of commits.
-- Each entry knows the position of the one before it in its run, and the run that of its head. An index by run would
-- be one more page to write for each append, in a place of its own for each run.
CREATE TABLE event (
    position INTEGER PRIMARY KEY,
    tenant   TEXT    NOT NULL,
    run      BLOB    NOT NULL,
    sequence INTEGER NOT NULL CHECK (sequence > 0),
    previous INTEGER NOT NULL,
    epoch    INTEGER NOT NULL,
    type     TEXT    NOT NULL,
    self     BLOB    NOT NULL CHECK (length(self) = 32),
    bytes    BLOB    NOT NULL,
    FOREIGN KEY (tenant, run) REFERENCES run (tenant, run)
) STRICT;

CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TABLE payload (
    tenant     TEXT NOT NULL,
    run        BLOB NOT NULL,
    commitment BLOB NOT NULL CHECK (length(commitment) = 32),
    sealed     BLOB NOT NULL,
    PRIMARY KEY (tenant, run, commitment),
    FOREIGN KEY (tenant, run) REFERENCES run (tenant, run)
) STRICT;

-- Messages are deleted once taken, so their numbers must not come again.
CREATE TABLE inbox (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT    NOT NULL,
    run    BLOB    NOT NULL,
    kind   INTEGER NOT NULL,
    sealed BLOB    NOT NULL,
    FOREIGN KEY (tenant, run) REFERENCES run (tenant, run)
) STRICT;

CREATE INDEX inbox_by_run ON inbox (tenant, run, id);
