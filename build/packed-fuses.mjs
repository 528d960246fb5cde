// The fuses as they are in a packed executable: what the configuration says is one thing, what was written another.
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';

/** What a released app must have. */
const released = {
	RunAsNode: false,
	EnableCookieEncryption: true,
	EnableNodeOptionsEnvironmentVariable: false,
	EnableNodeCliInspectArguments: false,
	EnableEmbeddedAsarIntegrityValidation: true,
	OnlyLoadAppFromAsar: true,
	LoadBrowserProcessSpecificV8Snapshot: false,
	GrantFileProtocolExtraPrivileges: false,
};

/**
 * @param {string} executable
 * @returns {Promise<Record<string, boolean>>}
 */
export async function readFuses(executable) {
	const wire = await getCurrentFuseWire(executable);
	const names = /** @type {(keyof typeof released)[]} */ (Object.keys(released));
	return Object.fromEntries(names.map((name) => [name, wire[FuseV1Options[name]] === FuseState.ENABLE]));
}

/**
 * @param {Record<string, boolean>} found
 * @param {{ driven: boolean }} build `driven`: the variant for end-to-end tests, which a test runner has to attach to
 * @returns {string[]} one line per fuse that is not as it must be
 */
export function unexpectedFuses(found, { driven }) {
	const wanted = { ...released, ...(driven ? { EnableNodeCliInspectArguments: true } : {}) };
	return Object.entries(wanted)
		.filter(([name, state]) => found[name] !== state)
		.map(([name, state]) => `${name} is ${found[name] ? 'on' : 'off'} and must be ${state ? 'on' : 'off'}`);
}
