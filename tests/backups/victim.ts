import { writeSync } from 'node:fs';
import { createCore } from '../../electron/core/core.ts';
import { TEST_KEY } from '../support/core.ts';

// Does one thing with a store and dies at a named step of it: `node victim.ts FILE backup|restore|export WHAT STEP`. What:
// the backup to go back to, or the file to export to. Without a step it says "begun" and goes on until it is killed.
const [file = '', wish = '', what = '', dieAt = ''] = process.argv.slice(2);
const die = (point: string) => {
	if (point === dieAt) process.kill(process.pid, 'SIGKILL');
};
const core = await createCore({
	file,
	keyHex: TEST_KEY,
	deviceName: 'victim',
	appVersion: '0',
	sample: false,
	autoSync: false,
	backupPoint: die,
});
core.onEvent((event) => event.type === 'progress' && die(event.progress.stage));
writeSync(1, 'begun\n');
do {
	if (wish === 'backup') await core.call('backups.make', { progressId: 'p' }, 'p');
	else if (wish === 'restore') await core.call('backups.restore', { name: what, keepUnsent: false }, 'p');
	else {
		core.registerFile('target', what);
		await core.call('export.everything', { target: 'target', account_id: null, files: true }, 'p');
	}
} while (dieAt === '');
process.exit(3);
