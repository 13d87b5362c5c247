import { list, rangeName, type Tree } from '../parse/node-fields.ts';
import type { Space } from './space.ts';
import type { Surroundings, UsedObjects } from './used-objects.ts';

/** Commands whose name is not that of a column. */
const NAMED: readonly (readonly [command: RegExp, space: Space])[] = [
  [/^AT_(Validate|Alter|Drop)Constraint$/, 'constraint'],
  [/^AT_(Enable|Disable)(Always|Replica)?Trig$/, 'trigger'],
  [/^AT_(Enable|Disable)(Always|Replica)?Rule$/, 'rule'],
];

/** What the commands of an ALTER TABLE name of the table: constraints, triggers, rules, indexes, columns. */
export function alterTableUses(tree: Tree, at: number, around: Surroundings, used: UsedObjects): void {
  const table = rangeName(tree['relation']);
  for (const each of list(tree['cmds'])) {
    const command = (each as { AlterTableCmd?: Tree }).AlterTableCmd ?? {};
    const subtype = String(command['subtype']);
    const { ReplicaIdentityStmt: identity, ATAlterConstraint: altered } = (command['def'] ?? {}) as {
      ReplicaIdentityStmt?: Tree;
      ATAlterConstraint?: Tree;
    };
    const index = subtype === 'AT_ClusterOn' ? command['name'] : identity?.['name'];
    if (typeof index === 'string') used.add('relation', [...table.slice(0, -1), index], at, around);
    const name = command['name'] ?? altered?.['conname'];
    if (typeof name !== 'string' || command['missing_ok'] === true) continue;
    const [, space] = NAMED.find(([pattern]) => pattern.test(subtype)) ?? [];
    if (space === undefined) used.column(name);
    else used.add(space, table, at, around, { own: name });
  }
}
