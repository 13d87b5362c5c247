import type { Definition } from './definition.ts';
import { HeadTokens, type QualifiedName } from './head-tokens.ts';

/** Receives what a statement creates, drops or sets. */
export type TakeDefinition = (definition: Definition) => void;

const MODIFIERS = ['global', 'local', 'temp', 'temporary', 'unlogged', 'recursive', 'unique', 'constraint'];
const LETTERS: ReadonlySet<number> = new Set(Buffer.from('cCdDaAsSrR'));

/**
 * Reads what the statement text[start, end) creates, as far as its first words show it:
 * spec/schema/definitions.md. The text is UTF-8.
 */
export function readDefinitions(text: Buffer, start: number, end: number, take: TakeDefinition): void {
  // Most statements of a dump are of other kinds.
  if (!LETTERS.has(text[start] as number)) return;
  const head = new HeadTokens(text, start, end);
  if (head.take('create')) readCreate(head, take);
  else if (head.take('drop')) readDrop(head, take);
  else if (head.take('alter')) readAlter(head, take);
  else if (head.take('set')) readSet(head, take);
  else if (head.take('reset')) {
    if (head.is('search_path') || head.is('all')) take(pathOf(''));
  } else if (head.take('discard')) {
    if (head.is('all')) take(pathOf(''));
  } else if (head.take('select')) readSetConfig(head, take);
}

function readCreate(head: HeadTokens, take: TakeDefinition): void {
  const isReplaced = head.takeAll('or', 'replace');
  let isTemporary = false;
  while (MODIFIERS.some((word) => head.is(word))) {
    isTemporary ||= head.is('temp') || head.is('temporary');
    head.next();
  }
  const kind = readKind(head);
  if (kind === null) return;
  if (kind === 'index') head.take('concurrently');
  const isLenient = head.takeAll('if', 'not', 'exists') || isReplaced;
  const created = readCreated(kind, head);
  if (created === null) return;
  const schema = isTemporary && created.schema === '' ? 'pg_temp' : created.schema;
  take({ how: isLenient ? 'lenient' : 'create', ...created, schema });
}

type Created = Omit<Definition, 'how'>;

function readCreated(kind: string, head: HeadTokens): Created | null {
  switch (kind) {
    case 'index':
      return readIndex(head);
    case 'type':
      return readType(head);
    case 'function':
    case 'procedure':
      return readRoutine(kind, head);
    case 'schema':
      return readSchema(head);
    case 'extension':
      return alone(kind, head.part());
    case 'trigger':
    case 'policy':
    case 'rule':
      return readOnTable(kind, head);
    default:
      return named(kind, head.qualifiedName());
  }
}

/** Null for a kind that is not tracked here. */
function readKind(head: HeadTokens): string | null {
  if (head.take('materialized')) return head.take('view') ? 'materialized view' : null;
  if (head.take('foreign')) return head.take('table') ? 'foreign table' : null;
  for (const kind of ['table', 'view', 'sequence', 'index', 'type', 'domain', 'function', 'procedure']) {
    if (head.take(kind)) return kind;
  }
  for (const kind of ['schema', 'extension', 'trigger', 'policy', 'rule']) if (head.take(kind)) return kind;
  return null;
}

function named(kind: string, name: QualifiedName | null, detail = ''): Created | null {
  return name === null ? null : { kind, ...name, detail };
}

function alone(kind: string, name: string | null): Created | null {
  return name === null ? null : { kind, schema: '', name, detail: '' };
}

/** PostgreSQL chooses a name for an index without one. */
function readIndex(head: HeadTokens): Created | null {
  if (head.is('on')) return null;
  const name = head.part();
  if (name === null || !head.take('on')) return null;
  head.take('only');
  const table = head.qualifiedName();
  return table === null ? null : { kind: 'index', schema: table.schema, name, detail: table.name };
}

function readType(head: HeadTokens): Created | null {
  const name = head.qualifiedName();
  if (!head.take('as')) return null;
  if (head.isSign('(')) return named('composite type', name);
  return head.is('enum') || head.is('range') ? named('type', name) : null;
}

function readRoutine(kind: string, head: HeadTokens): Created | null {
  const name = head.qualifiedName();
  if (name === null || !head.takeSign('(')) return null;
  const parameters = readArguments(head);
  return parameters === null ? null : named(kind, name, parameters);
}

/** Up to the closing parenthesis; null if there is none. */
function readArguments(head: HeadTokens): string | null {
  const each: string[][] = [[]];
  let isDefault = false;
  for (let depth = 1; ; head.next()) {
    if (head.kind === 'end') return null;
    if (head.isSign('(')) depth++;
    else if (head.isSign(')') && --depth === 0) break;
    if (depth === 1 && head.isSign(',')) {
      each.push([]);
      isDefault = false;
      continue;
    }
    isDefault ||= depth === 1 && (head.is('default') || head.isSign('='));
    if (!isDefault) each.at(-1)?.push(head.text());
  }
  return each.map((tokens) => tokens.join(' ')).join(', ');
}

function readSchema(head: HeadTokens): Created | null {
  if (!head.take('authorization')) return alone('schema', head.part());
  const isSession = head.is('current_user') || head.is('current_role') || head.is('session_user');
  return isSession ? null : alone('schema', head.part());
}

function readOnTable(kind: string, head: HeadTokens): Created | null {
  const own = head.part();
  if (own === null) return null;
  if (kind === 'trigger') {
    skipTo(head, 'on');
  } else if (kind === 'rule') {
    if (!head.takeAll('as', 'on') || head.kind !== 'word') return null;
    head.next();
  }
  return head.take(kind === 'rule' ? 'to' : 'on') ? named(kind, head.qualifiedName(), own) : null;
}

/** Advances to this word outside of parentheses, or to the end. */
function skipTo(head: HeadTokens, word: string): void {
  for (let depth = 0; head.kind !== 'end'; head.next()) {
    if (head.isSign('(')) depth++;
    else if (head.isSign(')')) depth--;
    else if (depth === 0 && head.is(word)) return;
  }
}

const FORGET_ALL: Definition = { how: 'drop', kind: 'all', schema: '', name: '', detail: '' };

function readDrop(head: HeadTokens, take: TakeDefinition): void {
  const kind = head.take('routine') ? 'function' : readKind(head);
  if (kind === null) return;
  head.take('concurrently');
  head.takeAll('if', 'exists');
  if (kind === 'trigger' || kind === 'policy' || kind === 'rule') {
    const own = head.part();
    const table = head.take('on') ? head.qualifiedName() : null;
    if (own !== null && table !== null) take({ how: 'drop', kind, ...table, detail: own });
  } else {
    do {
      const name =
        kind === 'schema' || kind === 'extension' ? alone(kind, head.part()) : head.qualifiedName();
      if (name === null) break;
      take({ how: 'drop', kind: kind === 'procedure' ? 'function' : kind, ...name, detail: '' });
      if (head.isSign('(')) skipArguments(head);
    } while (head.takeSign(','));
  }
  skipTo(head, 'cascade');
  if (head.is('cascade')) take(FORGET_ALL);
}

function skipArguments(head: HeadTokens): void {
  head.next();
  if (readArguments(head) !== null) head.next();
}

/** A new name or schema: afterwards it is no longer known which objects exist. */
function readAlter(head: HeadTokens, take: TakeDefinition): void {
  let before = '';
  for (let depth = 0; head.kind !== 'end'; head.next()) {
    if (head.isSign('(')) depth++;
    else if (head.isSign(')')) depth--;
    if (depth > 0) continue;
    if ((before === 'rename' && head.is('to')) || (before === 'set' && head.is('schema'))) {
      take(FORGET_ALL);
      return;
    }
    before = head.is('rename') ? 'rename' : head.is('set') ? 'set' : '';
  }
}

function readSet(head: HeadTokens, take: TakeDefinition): void {
  if (!head.take('session')) head.take('local');
  if (head.take('search_path')) {
    if (!head.take('to') && !head.takeSign('=')) return;
    if (head.is('default')) take(pathOf(''));
    else takePath(head.string() ?? head.part(), take);
  } else if (head.take('schema')) takePath(head.string(), take);
}

function readSetConfig(head: HeadTokens, take: TakeDefinition): void {
  if (head.take('pg_catalog') && !head.takeSign('.')) return;
  if (!head.take('set_config') || !head.takeSign('(') || head.string() !== 'search_path') return;
  if (!head.takeSign(',')) return;
  const value = head.string();
  takePath(value === null ? null : firstOfPath(value), take);
}

function takePath(name: string | null, take: TakeDefinition): void {
  if (name !== null) take(pathOf(name === '$user' ? '' : name));
}

function firstOfPath(value: string): string {
  const [first = ''] = value.split(',');
  return first.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '').replaceAll('"', '');
}

function pathOf(name: string): Definition {
  return { how: 'path', kind: '', schema: '', name, detail: '' };
}
