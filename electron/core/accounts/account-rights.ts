import type { AccountRights } from '../../../shared/contract/models.ts';
import { onlyRead } from '../../../shared/domain/only-read.ts';
import type { Handlers, QueryContext } from '../handler.ts';

export const accountRightsHandlers: Handlers<'accounts.rights'> = {
	'accounts.rights': (context, { id }) => readRights(context, id),
};

/** What this person may change on an account, as far as the laptop can tell; the server has the last word. */
export async function readRights({ db, session }: QueryContext, accountId: string): Promise<AccountRights> {
	const account = await db
		.selectFrom('account')
		.select(['name', 'sam_user', 'css_user'])
		.where('id', '=', accountId)
		.executeTakeFirst();
	const users = await db.selectFrom('app_user').select(['id', 'name', 'role']).execute();
	const role = users.find((user) => user.id === session.userId)?.role ?? null;
	const people = [account?.sam_user, account?.css_user];
	const keeper = users.find((user) => user.id === people.find((person) => person && person !== session.userId));
	return {
		account_name: account?.name ?? '',
		keeper: keeper?.name ?? null,
		onlyRead: account ? [...onlyRead(role, { keeps: people.includes(session.userId) })] : [],
	};
}
