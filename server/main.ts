import { join } from 'node:path';
import { type Reassignment, reassign } from './admin/reassign.ts';
import { buildServer } from './app.ts';
import { writeBackup } from './backup/backup-file.ts';
import { type Backups, keepBackups } from './backup/keep-backups.ts';
import { backupFolder, openChecked, type Recovery } from './backup/recover.ts';
import { restorePglite, restorePostgres } from './backup/restore.ts';
import { dieAt } from './crash-points.ts';
import { forgetNightly } from './forget-nightly.ts';
import { type OwnIssuer, SCOPE } from './issuer/issuer.ts';
import { startSampleIssuer } from './issuer/sample-issuer.ts';
import { errorLine } from './log-line.ts';
import { type TokenRules, tokenVerifier } from './security/access-token.ts';
import { keepAuditEnds, readAuditEnds } from './security/audit-ends.ts';
import { RATES } from './security/rate-limits.ts';
import { type Revocation, revoke } from './security/revoke.ts';
import { verifyAudit } from './security/verify-audit.ts';
import { seedLogins, seedSample } from './seed.ts';
import { readSettings, type Settings, USAGE } from './settings.ts';
import { openStore, openToServe, type Store } from './store/open-store.ts';
import { readIdentity } from './sync/sync-core.ts';

const clock = () => new Date();
const report = (error: unknown) => note(errorLine(error, clock()));

/** Starts the central API, prints one JSON line when it listens, and ends cleanly on SIGTERM and SIGINT. */
async function serve(settings: Settings): Promise<void> {
	if (process.env.NODE_ENV === 'production' && !settings.signIn)
		throw new Error('Set FIELDBOOK_ISSUER: in production only the tokens of an issuer are taken.');
	const store = await openOwn(settings);
	const crashPoint = settings.crashAt ? dieAt(settings.crashAt) : undefined;
	let backups: Backups | undefined;
	let issuer: OwnIssuer | undefined;
	try {
		if (settings.sample) await seedSample(store.db, clock());
		if (settings.ownIssuer) issuer = await startSampleIssuer(store.db, clock(), settings.issuerPort);
		if (settings.logins.length > 0) await seedLogins(store.db, settings.logins, clock());
		if (store.kind === 'pglite')
			backups = await keepBackups({ db: store.db, folder: backupFolder(settings.dataDir), clock, report, crashPoint });
		const app = await buildServer({
			db: store.db,
			clock,
			watchCommits: store.watchCommits,
			durableSeq: backups?.durableSeq,
			signIn: signInWith(issuer ?? settings.signIn),
			leaseDays: settings.leaseDays,
			rates: RATES,
			proxies: settings.proxies,
			blobDir: settings.blobDir ?? join(settings.dataDir, 'blobs'),
			report,
			log: settings.log ? (line) => note(JSON.stringify({ at: clock().toISOString(), ...line })) : undefined,
			crashPoint,
		});
		const ends = await keepAuditEnds(store.db, { folder: auditFolder(settings), clock, report });
		const forgetting = forgetNightly(store.db, { clock, report });
		const listening = await app.listen({ port: settings.port, host: settings.host });
		endOnSignal(async () => {
			await app.close();
			ends.close();
			await forgetting.close();
			await issuer?.close();
			await backups?.close();
			await store.close();
		});
		const { epoch } = await readIdentity(store.db);
		say({ listening, store: store.kind, epoch, ...(issuer ? { issuer: issuer.issuer } : {}) });
	} catch (error) {
		await issuer?.close();
		await backups?.close();
		await store.close();
		throw error;
	}
}

function signInWith(
	rules: (TokenRules & { clientId: string; scope?: string }) | undefined,
): Parameters<typeof buildServer>[0]['signIn'] {
	if (!rules) return undefined;
	const { issuer, audience, clientId, scope = SCOPE } = rules;
	return {
		verify: tokenVerifier(rules, { fetch, now: Date.now }),
		place: { issuer, audience, clientId, scope },
	};
}

async function openOwn({ databaseUrl, dataDir }: Settings): Promise<Store> {
	if (databaseUrl) return openToServe({ url: databaseUrl }, clock());
	const { store, recovery } = await openChecked(dataDir, clock());
	if (recovery.lastEnd !== 'clean') note(recoveryLine(recovery));
	return store;
}

function recoveryLine({ lastEnd, damage, restored }: Recovery): string {
	const from = restored && { file: restored.file, seq: restored.seq, epoch: restored.epoch, kept: restored.kept };
	return JSON.stringify({ at: clock().toISOString(), lastEnd, isDamaged: damage !== undefined, restored: from });
}

async function backUp({ databaseUrl, dataDir }: Settings, file: string): Promise<void> {
	const store = await openStore(databaseUrl ? { url: databaseUrl } : { dir: dataDir }, clock());
	try {
		const { seq, epoch } = await writeBackup(store.db, file, { now: clock() });
		say({ backup: file, seq, epoch });
	} finally {
		await store.close();
	}
}

async function restore({ databaseUrl, dataDir }: Settings, file: string): Promise<void> {
	const { seq, epoch, kept } = databaseUrl
		? await restorePostgres({ url: databaseUrl }, file, clock())
		: await restorePglite(dataDir, file, clock());
	say({ restored: file, seq, epoch, kept });
}

async function giveAway({ databaseUrl, dataDir }: Settings, change: Omit<Reassignment, 'by'>): Promise<void> {
	const store = await openStore(databaseUrl ? { url: databaseUrl } : { dir: dataDir }, clock());
	try {
		say({ reassigned: change.account, ...(await reassign(store.db, { ...change, by: null }, clock())) });
	} finally {
		await store.close();
	}
}

async function putOut({ databaseUrl, dataDir }: Settings, change: Omit<Revocation, 'by'>): Promise<void> {
	const store = await openStore(databaseUrl ? { url: databaseUrl } : { dir: dataDir }, clock());
	try {
		say({ ...change.subject, revoked: change.revoked, ...(await revoke(store.db, { ...change, by: null }, clock())) });
	} finally {
		await store.close();
	}
}

async function bringUp({ databaseUrl, dataDir, logins }: Settings): Promise<void> {
	const store = await openStore(databaseUrl ? { url: databaseUrl } : { dir: dataDir }, clock());
	try {
		if (logins.length > 0) await seedLogins(store.db, logins, clock());
		say({ migrated: true, people: logins.length });
	} finally {
		await store.close();
	}
}

/** Tells whether the audit is as it was written; a broken one ends with status 1. */
async function verify(settings: Settings, keyFile: string | undefined): Promise<void> {
	const { databaseUrl, dataDir } = settings;
	const store = await openStore(databaseUrl ? { url: databaseUrl } : { dir: dataDir }, clock());
	try {
		const ends = await readAuditEnds(store.db, auditFolder(settings), keyFile);
		const { whole, ...found } = await verifyAudit(store.db, ends);
		say({ audit: whole ? 'whole' : 'broken', ...found });
		if (!whole) process.exitCode = 1;
	} finally {
		await store.close();
	}
}

function auditFolder({ dataDir }: Settings): string {
	return join(dataDir, 'audit');
}

function endOnSignal(close: () => Promise<void>): void {
	let isEnding = false;
	const end = () => {
		if (isEnding) return;
		isEnding = true;
		// Not process.exit at once: a request under way is answered first, and the store is closed.
		close().then(
			() => process.exit(0),
			(error: unknown) => fail(error),
		);
	};
	process.on('SIGTERM', end);
	process.on('SIGINT', end);
}

function say(line: object): void {
	process.stdout.write(`${JSON.stringify(line)}\n`);
}

function note(line: string): void {
	process.stderr.write(`${line}\n`);
}

function fail(error: unknown): never {
	console.error(error instanceof Error ? error.message : error);
	process.exit(1);
}

function run(settings: Settings): Promise<void> {
	const { task } = settings;
	if (task.kind === 'serve') return serve(settings);
	if (task.kind === 'revoke') return putOut(settings, task);
	if (task.kind === 'migrate') return bringUp(settings);
	if (task.kind === 'verify') return verify(settings, task.keyFile);
	if (task.kind === 'reassign') return giveAway(settings, task);
	return task.kind === 'backup' ? backUp(settings, task.file) : restore(settings, task.file);
}

try {
	if (process.argv.includes('--help')) process.stdout.write(USAGE);
	else await run(readSettings(process.argv.slice(2), process.env));
} catch (error) {
	fail(error);
}
