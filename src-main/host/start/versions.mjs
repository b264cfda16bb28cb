/** @file Which Node may run what. Plain enough for a Node that is too old to get as far as saying so. */

/** The oldest Node that can install Earmark. */
export const oldestNode = 20;

/** The Node that runs Earmark (Electron's own has the same major version). */
export const runtimeNode = 24;

/**
 * @param {string} version as in `process.versions.node`
 * @returns {string | null} why this Node cannot start Earmark, or null
 */
export function nodeProblem(version) {
  if (majorOf(version) >= oldestNode) return null;
  return `Earmark needs Node ${oldestNode} or newer, and this is Node ${version}: install a current one from https://nodejs.org and start again.`;
}

/**
 * @param {string} version `24.1.0` or `v24.1.0`
 * @returns {number} the major version; 0 when the text is no version
 */
export function majorOf(version) {
  const match = /^v?(\d+)\./.exec(version);
  return match === null ? 0 : Number(match[1]);
}
