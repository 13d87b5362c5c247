import { list, nameList, type Tree } from '../parse/node-fields.ts';
import { options } from './definition-uses.ts';
import { type SessionState, settingOfSet } from './search-path.ts';

/** Their bodies are read for each call anew, by the types of its arguments. */
const POLYMORPHIC = /^any(compatible)?(element|array|nonarray|enum|range|multirange)?$/;

/**
 * Whether a function is one of those that a base type consists of, or could be: PostgreSQL takes functions of C before the types that they
 * take and give are there in full.
 */
export function isOfC(kind: string, tree: Tree): boolean {
  return (
    kind === 'CreateFunctionStmt' &&
    options(tree['options']).some(([name, value]) => {
      const language = (value as { String?: { sval?: string } } | undefined)?.String?.sval ?? '';
      return name === 'language' && /^(c|internal)$/i.test(language);
    })
  );
}

/** The text of an SQL function that PostgreSQL looks into when it is created, and the session that it does so in; null for any other. */
export function checkedBody(
  tree: Tree,
  state: SessionState,
): { readonly text: string; readonly state: SessionState } | null {
  let inside = state;
  let language = '';
  let text: string | undefined;
  for (const [name, value] of options(tree['options'])) {
    const {
      String: word,
      List,
      VariableSetStmt,
    } = (value ?? {}) as {
      String?: { sval?: string };
      List?: Tree;
      VariableSetStmt?: Tree;
    };
    if (name === 'language') language = word?.sval ?? '';
    else if (name === 'as') text = nameList(List?.['items'])[0];
    else if (name === 'set') inside = settingOfSet(VariableSetStmt ?? {}, inside)?.state ?? inside;
  }
  if (text === undefined || language.toLowerCase() !== 'sql' || !inside.checksBodies) return null;
  const isPolymorphic = list(tree['parameters']).some((each) => {
    const { argType } = (each as { FunctionParameter?: { argType?: Tree } }).FunctionParameter ?? {};
    return POLYMORPHIC.test(nameList(argType?.['names']).at(-1) ?? '');
  });
  return isPolymorphic ? null : { text, state: inside };
}
