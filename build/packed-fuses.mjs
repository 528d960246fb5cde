// The fuses as they are in a packed executable: what the configuration says is one thing, what was written another.
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';

/** What a released app must have: every fuse there is, so that a new one of a new Electron has to be decided on. */
const released = {
	RunAsNode: false,
	EnableCookieEncryption: true,
	EnableNodeOptionsEnvironmentVariable: false,
	EnableNodeCliInspectArguments: false,
	EnableEmbeddedAsarIntegrityValidation: true,
	OnlyLoadAppFromAsar: true,
	LoadBrowserProcessSpecificV8Snapshot: false,
	GrantFileProtocolExtraPrivileges: false,
	// From Electron 41 on; a matter of speed. Set by build/after-pack.mjs, since electron-builder does not know it yet.
	WasmTrapHandlers: true,
};

/**
 * @param {string} executable
 * @returns {Promise<Record<string, boolean>>} by the fuse's name, or its place when it has no name that we know
 */
export async function readFuses(executable) {
	const wire = await getCurrentFuseWire(executable);
	const states = Object.entries(wire).filter(([place]) => place !== 'version');
	return Object.fromEntries(
		states.map(([place, state]) => [FuseV1Options[Number(place)] ?? place, Number(state) === FuseState.ENABLE]),
	);
}

/**
 * @param {Record<string, boolean>} found
 * @param {{ driven: boolean }} build `driven`: the variant for end-to-end tests, which a test runner has to attach to
 * @returns {string[]} one line per fuse that is not as it must be, is not there or is not known
 */
export function unexpectedFuses(found, { driven }) {
	/** @type {Record<string, boolean>} */
	const wanted = { ...released, ...(driven ? { EnableNodeCliInspectArguments: true } : {}) };
	// The older runtime of the tests does not have it.
	if (!('WasmTrapHandlers' in found)) delete wanted['WasmTrapHandlers'];
	const wrong = Object.entries(wanted)
		.filter(([name, state]) => found[name] !== state)
		.map(([name, state]) => `${name} is ${found[name] ? 'on' : 'off'} and must be ${state ? 'on' : 'off'}`);
	const unknown = Object.keys(found).filter((name) => !(name in wanted));
	return [...wrong, ...unknown.map((name) => `Nobody has decided on fuse ${name}`)];
}
