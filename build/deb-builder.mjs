#!/usr/bin/env node
// Makes a .deb with dpkg-deb from the arguments that electron-builder gives to fpm (through CUSTOM_FPM_PATH): fpm itself is
// a download that not every machine reaches, and of all it can do this is the small part that is needed.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const switches = new Set(['--force', '--debug', '--verbose', '-f']);

/**
 * @typedef {object} Request
 * @property {Record<string, string>} options
 * @property {string[]} depends
 * @property {string[]} recommends
 * @property {string[]} mappings source=target
 */

const request = parseArguments(process.argv.slice(2));
if (request.options['-t'] !== 'deb') throw new Error(`This builds deb only, not ${request.options['-t']}.`);
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'fieldbook-deb-'));
try {
	buildPackage(request, path.join(work, 'root'));
} finally {
	fs.rmSync(work, { recursive: true, force: true });
}

/**
 * @param {string[]} args
 * @returns {Request}
 */
function parseArguments(args) {
	/** @type {Request} */
	const result = { options: {}, depends: [], recommends: [], mappings: [] };
	const rest = args.filter((arg) => !switches.has(arg));
	while (rest.length > 0) {
		const key = String(rest.shift());
		if (!key.startsWith('-')) result.mappings.push(key);
		else if (key === '--depends' || key === '-d') result.depends.push(String(rest.shift()));
		else if (key === '--deb-recommends') result.recommends.push(String(rest.shift()));
		else result.options[key] = String(rest.shift());
	}
	return result;
}

/**
 * @param {Request} request
 * @param {string} root
 */
function buildPackage({ options, depends, recommends, mappings }, root) {
	const control = path.join(root, 'DEBIAN');
	fs.mkdirSync(control, { recursive: true });
	// The temporary folder is private; what is packed must not be.
	fs.chmodSync(root, 0o755);
	for (const mapping of mappings) copyMapping(mapping, root);
	const fields = controlFields(options, { depends, recommends, kilobytes: diskUsage(root) });
	fs.writeFileSync(path.join(control, 'control'), fields);
	copyScript(options['--after-install'], path.join(control, 'postinst'));
	copyScript(options['--after-remove'], path.join(control, 'postrm'));
	const compression = `-Z${options['--deb-compression'] ?? 'xz'}`;
	const target = String(options['--package']);
	execFileSync('dpkg-deb', ['--root-owner-group', compression, '--build', root, target], { stdio: 'inherit' });
}

/**
 * @param {string} mapping
 * @param {string} root
 */
function copyMapping(mapping, root) {
	const [source = '', target = ''] = mapping.split('=');
	const to = path.join(root, target);
	if (source.endsWith('/')) {
		fs.mkdirSync(to, { recursive: true });
		execFileSync('cp', ['-a', `${source}.`, to]);
		return;
	}
	fs.mkdirSync(path.dirname(to), { recursive: true });
	fs.copyFileSync(source, target.endsWith('/') ? path.join(to, path.basename(source)) : to);
}

/**
 * @param {string | undefined} source
 * @param {string} target
 */
function copyScript(source, target) {
	if (!source) return;
	fs.copyFileSync(source, target);
	fs.chmodSync(target, 0o755);
}

/** @param {string} root */
function diskUsage(root) {
	return String(execFileSync('du', ['-sk', '--exclude=DEBIAN', root])).split('\t')[0] ?? '0';
}

/**
 * @param {Record<string, string>} options
 * @param {{ depends: string[], recommends: string[], kilobytes: string }} computed
 */
function controlFields(options, { depends, recommends, kilobytes }) {
	const iteration = options['--iteration'] ? `-${options['--iteration']}` : '';
	/** @type {Record<string, string | undefined>} */
	const fields = {
		Package: options['--name'],
		Version: `${options['--version']}${iteration}`,
		License: options['--license'],
		Vendor: options['--vendor'],
		Architecture: options['--architecture'],
		Maintainer: options['--maintainer'],
		'Installed-Size': kilobytes,
		Depends: depends.join(', '),
		Recommends: recommends.join(', '),
		Section: options['--category'] ?? 'default',
		Priority: options['--deb-priority'] ?? 'optional',
		Homepage: options['--url'],
		Description: foldDescription(options['--description'] ?? ''),
	};
	return Object.entries(fields)
		.filter(([, value]) => value)
		.map(([name, value]) => `${name}: ${value}\n`)
		.join('');
}

/**
 * Continuation lines start with a space; an empty one is a dot.
 * @param {string} text
 */
function foldDescription(text) {
	const [first = '', ...more] = text.split('\n');
	return [first, ...more.map((line) => ` ${line.trim() || '.'}`)].join('\n');
}
