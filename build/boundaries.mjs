// Reads every import of the checkout and holds it against the rules. Also what the compiler cannot see: a rule of the
// domain takes `now` as a parameter and does not look at the clock.
import fs from 'node:fs';
import path from 'node:path';
import { parseSync } from 'oxc-parser';
import { boundaryRules, roomOf } from './boundary-rules.mjs';
import { rootDir } from './paths.mjs';

const sources = /\.(ts|tsx|mts|mjs)$/;
const clock = /\bDate\.now\(|\bnew Date\(\s*\)|\bTemporal\.Now\b|\bMath\.random\(|\bperformance\.now\(/;

/**
 * @typedef {object} Violation
 * @property {string} rule
 * @property {string} file
 * @property {string} detail
 */

/**
 * @param {string} [root]
 * @returns {{ violations: Violation[], files: number }}
 */
export function checkBoundaries(root = rootDir) {
	const files = listSources(root);
	return { violations: files.flatMap((file) => checkFile(root, file)), files: files.length };
}

/**
 * @param {string} root
 * @param {string} file
 * @returns {Violation[]}
 */
function checkFile(root, file) {
	const text = fs.readFileSync(path.join(root, file), 'utf8');
	const violations = readImports(file, text).flatMap((edge) =>
		boundaryRules
			.filter((rule) => rule.forbids(edge))
			.map((rule) => ({ rule: rule.name, file, detail: `imports ${edge.to}: ${rule.reason}` })),
	);
	const look =
		file.startsWith('shared/domain/') && !file.endsWith('cli.ts') ? withoutComments(text).match(clock) : null;
	if (look) violations.push({ rule: 'domain-without-clock', file, detail: `uses ${look[0]}: now is a parameter` });
	return violations;
}

/**
 * @param {string} file
 * @param {string} text
 * @returns {import('./boundary-rules.mjs').Edge[]}
 */
function readImports(file, text) {
	const { module } = parseSync(file, text);
	const found = module.staticImports.map((statement) => ({
		request: statement.moduleRequest.value,
		isType: statement.entries.length > 0 && statement.entries.every((entry) => entry.isType),
	}));
	for (const statement of module.staticExports) {
		for (const entry of statement.entries) {
			if (entry.moduleRequest) found.push({ request: entry.moduleRequest.value, isType: entry.isType });
		}
	}
	for (const call of module.dynamicImports) {
		const literal = /^['"`]([^'"`]+)['"`]$/.exec(text.slice(call.moduleRequest.start, call.moduleRequest.end));
		if (literal?.[1]) found.push({ request: literal[1], isType: false });
	}
	return found.map(({ request, isType }) => {
		const isPackage = !request.startsWith('.');
		const to = isPackage ? request : path.posix.normalize(path.posix.join(path.posix.dirname(file), request));
		return { from: file, to, isPackage, isType };
	});
}

/** @param {string} text */
function withoutComments(text) {
	return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
}

/** @param {string} root */
function listSources(root) {
	return fs
		.readdirSync(root, { withFileTypes: true })
		.filter((entry) => entry.isDirectory() && roomOf(`${entry.name}/`))
		.flatMap((entry) => fs.readdirSync(path.join(root, entry.name), { recursive: true, withFileTypes: true }))
		.filter((entry) => entry.isFile() && sources.test(entry.name))
		.map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
		.sort();
}

if (process.argv[1] === import.meta.filename) {
	const { violations, files } = checkBoundaries();
	for (const { rule, file, detail } of violations) console.error(`${file}  ${rule}: ${detail}`);
	console.log(`${files} files, ${boundaryRules.length + 1} rules, ${violations.length} violations`);
	process.exitCode = violations.length > 0 ? 1 : 0;
}
