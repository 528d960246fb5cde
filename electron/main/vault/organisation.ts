import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { rawPublic } from './seals.ts';

/** The public key to which an organisation wants its workbooks sealed too. */
export interface OrganisationKey {
	/** Raw X25519, base64. */
	publicKey: string;
	name: string;
}

const LONGEST_NAME = 80;

/** Where an administrator puts the key: a place that needs an administrator's rights, or what the environment names. */
export function organisationKeyFile(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
	if (env.FIELDBOOK_ORGANISATION_KEY) return path.resolve(env.FIELDBOOK_ORGANISATION_KEY);
	const name = 'organisation-key.pem';
	if (platform === 'win32') return path.join(env.ProgramData ?? 'C:\\ProgramData', 'Fieldbook', name);
	if (platform === 'darwin') return path.join('/Library/Application Support/Fieldbook', name);
	return path.join('/etc/fieldbook', name);
}

/** Reads the key: PEM, with the organisation's name in a line "Name: …" before it. Undefined where there is none worth the name. */
export function readOrganisationKey(file: string): OrganisationKey | undefined {
	let text: string;
	try {
		text = readFileSync(file, 'utf8');
	} catch {
		return undefined;
	}
	try {
		const key = createPublicKey(text.slice(Math.max(0, text.indexOf('-----BEGIN'))));
		if (key.asymmetricKeyType !== 'x25519' || text.includes('PRIVATE KEY')) throw new Error('not an X25519 public key');
		const name = /^Name: *(.+)$/m.exec(text)?.[1]?.trim().slice(0, LONGEST_NAME);
		return { publicKey: rawPublic(key).toString('base64'), name: name || 'Your organisation' };
	} catch (error) {
		process.stderr.write(`ORGANISATION KEY ${file}: ${error instanceof Error ? error.message : String(error)}\n`);
		return undefined;
	}
}
