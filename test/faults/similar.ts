/** @file Faults in what turns a query, and in columns of Listen that no file holds. */
import { faultsOf } from './fault.ts';
import type { Fault } from './fault.ts';

const query = ['test/unit/service/similar/query.test.ts'];
const concepts = ['test/unit/service/inspecting/concepts.test.ts'];
const table = ['test/unit/store/segment-table.test.ts'];
const order = ['test/unit/store/order.test.ts'];

export const similarFaults: readonly Fault[] = [
  ...faultsOf('src-main/service/similar/query.ts', query, [
    ['directions: not turned the other way', 'sign: -1', 'sign: 1'],
    ['directions: strength forgotten', 'sign * example.source.strength', 'sign'],
    ['directions: added to examples of any length', 'const query = unit(vector);', 'const query = vector.slice();'],
    ['directions: among the examples', 'like: like.filter(isPlace)', 'like'],
  ]),
  ...faultsOf('src-main/service/similar/concept-directions.ts', concepts, [
    ['concepts: directions of standardised rows', 'value * (deviations[at] as number)', 'value'],
    ['concepts: divided by the deviation', 'value * (deviations[at] as number)', 'value / (deviations[at] as number)'],
    ['concepts: another row', 'concept * dimensions, (concept + 1) * dimensions', '(concept - 1) * dimensions, concept * dimensions'],
  ]),
  ...faultsOf('src-main/store/activations/derived-column.ts', table, [
    ['weighted: without its offset', 'fill(column.offset)', 'fill(0)'],
    ['weighted: weights forgotten', 'weight * (values[position] as number)', '(values[position] as number)'],
    ['derived: unknown first', 'descending ? -Infinity : Infinity', 'descending ? Infinity : -Infinity'],
    ['derived: segments counted from the run', 'value(first + position - start)', 'value(position - start)'],
  ]),
  ...faultsOf('src-main/store/activations/order.ts', order, [
    ['best of groups: one too many', 'if (best.length > most) best.pop();', 'if (best.length > most + 1) best.pop();'],
    [
      'best of groups: the last of equals',
      'compare(best[at - 1] as number, position) > 0',
      'compare(best[at - 1] as number, position) < 0',
    ],
  ]),
];
