// Generates a schema project from a seed: tables, views and functions as people write them, with comments,
// quotes and dollar quotes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from './corpus-documents.mjs';

const FILES_PER_FOLDER = 100;
const CONFIG = 'database_url: postgresql://localhost/bench\ninclude_dirs:\n  - db/schema\n';
const TYPES = ['text', 'bigint', 'timestamptz', 'jsonb', 'numeric(12, 2)', 'uuid', 'boolean'];

/**
 * @param {string} dir new or empty
 * @param {{files: number, bytes: number, seed: number}} options `bytes` is the approximate size of a file
 */
export function makeSchemaCorpus(dir, { files, bytes, seed }) {
  const random = new Random(seed);
  mkdirSync(join(dir, 'db', 'environments'), { recursive: true });
  writeFileSync(join(dir, 'db', 'environments', 'local.yaml'), CONFIG);
  let written = 0;
  for (let file = 0; file < files; file++) {
    const group = String(Math.floor(file / FILES_PER_FOLDER)).padStart(3, '0');
    const folder = join(dir, 'db', 'schema', `${group}_group`);
    if (file % FILES_PER_FOLDER === 0) {
      mkdirSync(folder, { recursive: true });
    }
    const text = ddl(random, file, bytes);
    written += Buffer.byteLength(text);
    writeFileSync(join(folder, `${String(file % FILES_PER_FOLDER).padStart(3, '0')}_table.sql`), text);
  }
  return { files, bytes: written };
}

function ddl(random, file, bytes) {
  let text = `/* Table ${file}. Made by its seed. */\n`;
  for (let part = 0; text.length < bytes - 300; part++) {
    text += table(random, `t_${file}_${part}`, Math.min(bytes - text.length, 4000));
  }
  return text;
}

function table(random, name, bytes) {
  const columns = ['  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY'];
  for (let at = 0; columns.join('').length < bytes - 500; at++) {
    const type = random.pick(TYPES);
    const fallback = type === 'text' ? ` DEFAULT 'it''s "${random.below(1000)}"'` : '';
    columns.push(`  column_${at} ${type}${random.chance(0.5) ? ' NOT NULL' : ''}${fallback}`);
  }
  return `-- what is kept of ${name}
CREATE TABLE ${name} (
${columns.join(',\n')}
);

COMMENT ON TABLE ${name} IS 'référence ${random.below(100)}';
CREATE INDEX ${name}_by_id ON ${name} (id);

CREATE FUNCTION ${name}_count() RETURNS bigint LANGUAGE plpgsql AS $body$
BEGIN
  RETURN (SELECT count(*) FROM ${name}); -- all of them
END;
$body$;

`;
}
