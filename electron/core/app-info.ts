import { statSync } from 'node:fs';
import type { Handlers } from './handler.ts';

export const appHandlers: Handlers<'app.info'> = {
	'app.info': async ({ db, session, about }) => {
		const user = await db
			.selectFrom('app_user')
			.select(['id', 'name', 'time_zone'])
			.where('id', '=', session.userId)
			.executeTakeFirst();
		const figures = await db
			.selectFrom('account_figure')
			.select((eb) => [
				eb.fn.countAll<number>().as('accounts'),
				eb.fn.sum<number>('assets').as('assets'),
				eb.fn.sum<number>('open_issues').as('issues'),
			])
			.executeTakeFirstOrThrow();
		return {
			user: user ?? null,
			device: { id: session.deviceId, name: about.deviceName },
			sample: about.sample,
			version: about.version,
			store: { encrypted: true, cipher: about.cipher, path: about.file, sizeBytes: statSync(about.file).size },
			counts: { accounts: figures.accounts, assets: figures.assets ?? 0, issues: figures.issues ?? 0 },
		};
	},
};
