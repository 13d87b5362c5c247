/** At least one object of every kind that a catalogue lists. */
export const RICH_SCHEMA = `
CREATE ROLE rich_reader;
CREATE SCHEMA app;
CREATE EXTENSION pgcrypto SCHEMA app;
CREATE TYPE app.colour AS ENUM ('red', 'green');
CREATE DOMAIN app.positive AS int CHECK (VALUE > 0);
CREATE TYPE app.pair AS (one int, two text);
CREATE TYPE app.floats AS RANGE (subtype = float8);
CREATE TABLE app.owner (id int PRIMARY KEY);
CREATE TABLE app.item (
  id bigint GENERATED ALWAYS AS IDENTITY,
  "Name" text NOT NULL DEFAULT 'x;y',
  total int GENERATED ALWAYS AS (1 + 1) STORED,
  owner int REFERENCES app.owner (id) ON DELETE CASCADE,
  colour app.colour,
  serial_number serial,
  PRIMARY KEY (id), CONSTRAINT named CHECK ("Name" <> '')
);
CREATE INDEX item_name ON app.item (lower("Name"));
CREATE TABLE app.log (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE app.log_2026 PARTITION OF app.log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE VIEW app.names AS SELECT "Name" FROM app.item;
CREATE MATERIALIZED VIEW app.counts AS SELECT count(*) FROM app.item;
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN RETURN NEW; END $body$;
CREATE PROCEDURE app.work() LANGUAGE sql AS $$ SELECT 1 $$;
CREATE AGGREGATE app.total (int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
CREATE TRIGGER touched BEFORE UPDATE ON app.item FOR EACH ROW EXECUTE FUNCTION app.touch();
ALTER TABLE app.item ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON app.item FOR SELECT TO rich_reader USING (owner = 1);
CREATE RULE quiet AS ON DELETE TO app.owner DO INSTEAD NOTHING;
CREATE SEQUENCE app.numbers INCREMENT 5;
CREATE STATISTICS app.item_stats ON id, owner FROM app.item;
CREATE OPERATOR app.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
GRANT SELECT ("Name") ON app.item TO rich_reader;
GRANT USAGE ON SCHEMA app TO rich_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO rich_reader;
ALTER TABLE app.owner OWNER TO rich_reader;
COMMENT ON TABLE app.item IS 'two
lines';
COMMENT ON COLUMN app.item.id IS 'key';
SET search_path = app;
`;
