import fc from 'fast-check';

/** Statements in an order in which they apply; each may need some of those before it. */
export type RandomSchema = readonly string[];

/** An object that a statement has created: its kind, and its name as it is written. */
interface Made {
  readonly kind: 'schema' | 'type' | 'table' | 'view' | 'function' | 'trigger function' | 'sequence' | 'role';
  readonly name: string;
}

/** Numbers from which a statement is made. */
interface Choice {
  readonly kind: number;
  readonly picks: readonly number[];
}

/** Schemas of 5 to 20 objects. */
export const randomSchemas: fc.Arbitrary<RandomSchema> = fc
  .array(fc.record({ kind: fc.nat(9999), picks: fc.array(fc.nat(9999), { minLength: 8, maxLength: 8 }) }), {
    minLength: 5,
    maxLength: 20,
  })
  .map((choices) => {
    const made: Made[] = [];
    return choices.map((choice, index) => statementOf(choice, index, made));
  });

/** The same statements in files, one to three in each; the numbers decide the order of the names. */
export function inFiles(schema: RandomSchema, numbers: readonly number[]): [name: string, sql: string][] {
  const files: [string, string][] = [];
  for (let at = 0; at < schema.length; ) {
    const number = numbers[files.length % numbers.length] as number;
    const count = 1 + (number % 3);
    const name = `${String(number).padStart(4, '0')}/${files.length % 2 ? 'x' : 'a b'}_${files.length}.sql`;
    files.push([name, `${schema.slice(at, at + count).join('\n')}\n`]);
    at += count;
  }
  return files;
}

function statementOf({ kind, picks }: Choice, index: number, made: Made[]): string {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = picks;
  const pick = (wanted: Made['kind'], number: number): string | undefined => {
    const those = made.filter((each) => each.kind === wanted);
    // Sometimes none, although some exist.
    return those[number % (those.length + 1)]?.name;
  };
  const own = [`o${index}`, `"O ${index}"`, `"o,${index}"`][h % 3] as string;
  const schema = pick('schema', g);
  const name = schema === undefined ? own : `${schema}.${own}`;
  const type = pick('type', a) ?? 'int';
  const table = pick('table', b);
  const other = pick('table', c);
  const view = pick('view', d);
  const call = pick('function', e);
  const handler = pick('trigger function', f);
  const add = (what: Made['kind'], as = name): void => void made.push({ kind: what, name: as });
  const value = call === undefined ? 'NULL' : `${call}(NULL)::text`;
  const from = view ?? table ?? (call === undefined ? '(SELECT 1) x' : `(SELECT ${value}) x`);
  switch (kind % 21) {
    case 0:
      add('schema', own);
      return `CREATE SCHEMA ${own};`;
    case 1:
      add('type');
      return `CREATE TYPE ${name} AS ENUM ('a', 'b');`;
    case 2:
      add('type');
      return `CREATE DOMAIN ${name} AS ${type} CHECK (VALUE IS NULL OR ${value} IS NULL);`;
    case 3:
      add('type');
      return `CREATE TYPE ${name} AS (x ${type}, y ${table ?? 'text'}[]);`;
    case 4: {
      add('table');
      const sequence = pick('sequence', d);
      const number = sequence === undefined ? '1' : `nextval('${sequence}')`;
      return `CREATE TABLE ${name} (
  id int PRIMARY KEY DEFAULT ${number}, t ${type}, v text DEFAULT ${value},
  r int ${table === undefined ? '' : `REFERENCES ${table}`},
  CHECK (v IS NULL OR ${value} IS NULL)${other === undefined ? '' : `, FOREIGN KEY (r) REFERENCES ${other} (id)`}
);`;
    }
    case 5:
      add('sequence');
      return `CREATE SEQUENCE ${name}${isBeside(table, name) ? ` OWNED BY ${table}.id` : ''};`;
    case 6:
      add('function');
      return `CREATE FUNCTION ${name}(a ${type}) RETURNS bigint LANGUAGE sql STABLE AS $body$
  -- t0, o1 and ${own} are not named here
  WITH o AS (SELECT 1) SELECT count(*) + ${call === undefined ? '0' : `${call}(NULL)`} FROM ${from}, o
$body$;`;
    case 7:
      add('function');
      return `CREATE FUNCTION ${name}(a ${type}) RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT count(*) FROM ${from}; END;`;
    case 8:
      add('function');
      return `CREATE FUNCTION ${name}(a ${type}) RETURNS bigint LANGUAGE plpgsql STABLE AS 'BEGIN RETURN count(*) FROM nowhere; EXCEPTION WHEN OTHERS THEN RETURN 0; END';`;
    case 9:
      add('trigger function');
      return `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';`;
    case 10:
      return table === undefined || handler === undefined
        ? 'SELECT 1;'
        : `CREATE TRIGGER ${own} BEFORE INSERT OR UPDATE OF r ON ${table} FOR EACH ROW WHEN (NEW.id > 0) EXECUTE FUNCTION ${handler}();`;
    case 11:
      add('view');
      return `CREATE VIEW ${name} AS WITH w AS (SELECT NULL::${type} AS t, ${value} AS v) SELECT w.t, w.v, (SELECT count(*) FROM ${from}) AS n FROM w;`;
    case 12:
      add('view');
      return `CREATE MATERIALIZED VIEW ${name} AS SELECT 1 AS id, CAST(NULL AS ${type}) AS t WHERE EXISTS (SELECT FROM ${from}) WITH NO DATA;`;
    case 13:
      return table === undefined
        ? 'SELECT 1;'
        : `CREATE INDEX ON ${table} (r, (v || 'x')) WHERE r IS NOT NULL;`;
    case 14: {
      const role = pick('role', d);
      if (table === undefined) return 'SELECT 1;';
      return `CREATE POLICY ${own} ON ${table} ${role === undefined ? '' : `TO ${role}`} USING (id IN (SELECT id FROM ${other ?? table}));`;
    }
    case 15:
      return table === undefined
        ? `COMMENT ON TYPE ${type} IS 'x';`
        : `COMMENT ON COLUMN ${table}.r IS 'x'; COMMENT ON TABLE ${table} IS 'y';`;
    case 16: {
      if (table === undefined) return 'SELECT 1;';
      made.push({ kind: 'view', name: `(SELECT c${index} FROM ${table})` });
      return `ALTER TABLE ${table} ADD COLUMN c${index} ${type};`;
    }
    case 17:
      add('role', own);
      return `CREATE ROLE ${own};`;
    case 18: {
      const role = pick('role', d) ?? 'PUBLIC';
      if (call !== undefined) return `GRANT EXECUTE ON FUNCTION ${call} TO ${role};`;
      return table === undefined ? 'SELECT 1;' : `GRANT SELECT ON ${table} TO ${role};`;
    }
    case 19:
      add('table');
      return `CREATE TABLE ${name} (${table === undefined ? 'id int, r int, v text,' : `LIKE ${table},`} UNIQUE (id), PRIMARY KEY (id));`;
    default:
      add('type');
      return `DO $$ BEGIN CREATE TYPE ${name} AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END $$;`;
  }
}

/** Whether both are in one schema, as a sequence and its table must be. */
function isBeside(table: string | undefined, name: string): boolean {
  const schemaOf = (qualified: string): string => qualified.slice(0, qualified.lastIndexOf('.') + 1);
  return table !== undefined && schemaOf(table) === schemaOf(name);
}
