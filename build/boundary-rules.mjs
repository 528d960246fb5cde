// Which folder may import which: the table of the README's map, as rules. Each has a test that sees it fail
// (tests/tooling/boundaries.test.ts).
import { builtinModules } from 'node:module';

/**
 * @typedef {object} Edge one import, seen from the checkout's root
 * @property {string} from file
 * @property {string} to file, or package name
 * @property {boolean} isPackage
 * @property {boolean} isType erased at run time
 *
 * @typedef {object} Rule
 * @property {string} name
 * @property {string} reason
 * @property {(edge: Edge) => boolean} forbids
 */

const rooms = ['shared', 'db', 'electron', 'renderer', 'server', 'build', 'tests'];
const nodePackages = new Set(builtinModules);

/** @type {Rule[]} */
export const boundaryRules = [
	{
		name: 'shared-is-pure',
		reason: 'everyone imports shared/, so it imports none of us, neither Node nor Electron',
		forbids: (edge) =>
			inside(edge.from, 'shared') && (leavesTo(edge, ['shared']) || isNode(edge) || isElectron(edge) || isUi(edge)),
	},
	{
		name: 'entities-are-data',
		reason: 'an entity is data and knows only other entities',
		forbids: (edge) => inside(edge.from, 'shared/entities') && leavesTo(edge, ['shared/entities']),
	},
	{
		name: 'domain-is-rules',
		reason: 'a rule knows the entities and nothing of contract or wire',
		forbids: (edge) => inside(edge.from, 'shared/domain') && leavesTo(edge, ['shared/domain', 'shared/entities']),
	},
	{
		name: 'contract-and-wire-are-descriptions',
		reason: 'contract and wire describe entities; of the rules they may use types, and of each other too',
		forbids: (edge) =>
			['shared/contract', 'shared/sync'].some(
				(room) => inside(edge.from, room) && leavesTo(edge, edge.isType ? ['shared'] : [room, 'shared/entities']),
			),
	},
	{
		name: 'store-knows-shared-only',
		reason: 'the store serves core and tests alike',
		forbids: (edge) => inside(edge.from, 'db') && (leavesTo(edge, ['db', 'shared']) || isElectron(edge) || isUi(edge)),
	},
	{
		name: 'core-has-no-electron',
		reason: 'core is plain Node: a test hosts it as well as the worker does',
		forbids: (edge) =>
			inside(edge.from, 'electron/core') &&
			(leavesTo(edge, ['electron/core', 'db', 'shared']) || isElectron(edge) || isUi(edge)),
	},
	{
		name: 'core-features-are-strangers',
		reason: 'a screen that spans features gets a query of its own',
		forbids: (edge) => crossesSiblings(edge, 'electron/core'),
	},
	{
		name: 'main-is-a-shell',
		reason: 'main knows no business rule: of core it has the types, of the store nothing',
		forbids: (edge) =>
			inside(edge.from, 'electron/main') &&
			(leavesTo(edge, ['electron/main', 'shared', ...(edge.isType ? ['electron/core'] : [])]) || isUi(edge)),
	},
	{
		name: 'preload-is-a-bridge',
		reason: 'preload runs beside the page: it may use electron, and types that are gone at run time',
		forbids: (edge) =>
			inside(edge.from, 'electron/preload') &&
			(edge.isPackage ? edge.to !== 'electron' : leavesTo(edge, edge.isType ? ['shared'] : [])),
	},
	{
		name: 'renderer-is-a-page',
		reason: 'the page has neither Node nor Electron nor the store; it asks through the contract',
		forbids: (edge) =>
			inside(edge.from, 'renderer') && (leavesTo(edge, ['renderer', 'shared']) || isNode(edge) || isElectron(edge)),
	},
	{
		name: 'features-are-strangers',
		reason: 'a view composes features; a feature that needs another would make them one',
		forbids: (edge) => crossesSiblings(edge, 'renderer/features'),
	},
	{
		name: 'views-are-strangers',
		reason: 'what two views share is a feature',
		forbids: (edge) => crossesSiblings(edge, 'renderer/views'),
	},
	{
		name: 'renderer-layers',
		reason: 'app over views over features over ui and lib',
		forbids: climbsRendererLayers,
	},
	{
		name: 'server-stands-alone',
		reason: 'the server shares the wire and the entities with the app and nothing else',
		forbids: (edge) => inside(edge.from, 'server') && (leavesTo(edge, ['server', 'shared']) || isElectron(edge)),
	},
	{
		name: 'product-without-tools',
		reason: 'what ships does not import what builds or tests it',
		forbids: (edge) =>
			['shared', 'db', 'electron', 'renderer', 'server'].some((room) => inside(edge.from, room)) &&
			['build', 'tests'].some((room) => !edge.isPackage && inside(edge.to, room)),
	},
];

/** @param {string} file */
export function roomOf(file) {
	return rooms.find((room) => inside(file, room));
}

/**
 * @param {string} file
 * @param {string} folder
 */
function inside(file, folder) {
	return file.startsWith(`${folder}/`);
}

/**
 * @param {Edge} edge
 * @param {string[]} allowed
 */
function leavesTo(edge, allowed) {
	return !edge.isPackage && !allowed.some((folder) => inside(edge.to, folder));
}

/** @param {Edge} edge */
function isNode(edge) {
	return edge.isPackage && (edge.to.startsWith('node:') || nodePackages.has(edge.to));
}

/** @param {Edge} edge */
function isElectron(edge) {
	return edge.isPackage && /^electron($|\/|-store$)/.test(edge.to);
}

/** @param {Edge} edge */
function isUi(edge) {
	return edge.isPackage && /^(react|react-dom|@mantine\/.*|@tabler\/.*)($|\/)/.test(edge.to);
}

/**
 * Sibling folders below `parent`; files that lie in `parent` itself belong to everyone.
 * @param {Edge} edge
 * @param {string} parent
 */
function crossesSiblings(edge, parent) {
	if (edge.isPackage || !inside(edge.from, parent) || !inside(edge.to, parent)) return false;
	const from = folderBelow(edge.from, parent);
	const to = folderBelow(edge.to, parent);
	return from !== undefined && to !== undefined && from !== to;
}

/**
 * @param {string} file
 * @param {string} parent
 */
function folderBelow(file, parent) {
	const parts = file.slice(parent.length + 1).split('/');
	return parts.length > 1 ? parts[0] : undefined;
}

/** @param {Edge} edge */
function climbsRendererLayers(edge) {
	if (edge.isPackage) return false;
	const levels = [['renderer/ui', 'renderer/lib'], ['renderer/features'], ['renderer/views'], ['renderer/app']];
	const levelOf = (/** @type {string} */ file) => levels.findIndex((names) => names.some((name) => inside(file, name)));
	return levelOf(edge.from) >= 0 && levelOf(edge.to) > levelOf(edge.from);
}
