import fs from 'node:fs';
import path from 'node:path';

/** The store file of a sample workspace under a user-data folder, and its key, which lies there in clear. */
export function sampleStore(userData: string): { file: string; keyHex: string } {
	const workspace = path.join(userData, 'workspace');
	const { slots } = JSON.parse(fs.readFileSync(path.join(workspace, 'slots.json'), 'utf8')) as {
		slots: { slot: string; key?: string }[];
	};
	const key = slots.find(({ slot }) => slot === 'sample')?.key;
	if (!key) throw new Error(`${workspace} is no sample workspace.`);
	return { file: path.join(workspace, 'fieldbook.db'), keyHex: Buffer.from(key, 'base64').toString('hex') };
}
