import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ApiError } from '../api-error.ts';
import { requireUser, userOf } from '../auth.ts';
import type { RouteAbout } from '../route-about.ts';
import type { SyncCore } from '../sync/sync-core.ts';
import { reassign } from './reassign.ts';

const id = z
	.string()
	.min(1)
	.max(64)
	.regex(/^[^\0]+$/);
const reassignRequest = z.strictObject({
	account: id.describe('The account that changes hands.'),
	from: id.describe('Who has it now.'),
	to: id.describe('Who shall have it.'),
});
const reassignReply = z.object({
	seq: z.int().describe('The commit that did it.'),
	changed: z.boolean().describe('False when it was so already.'),
});

/** Adds what managers may do under /v1/admin. */
export function addAdminRoutes(app: FastifyInstance, core: SyncCore): void {
	const onRequest = requireUser(core);
	app.post('/v1/admin/reassign', { onRequest, bodyLimit: 4096, config: { about: aboutReassign } }, (request) => {
		const parsed = reassignRequest.safeParse(request.body);
		if (!parsed.success)
			throw new ApiError(400, 'bad_request', 'The body does not say who gives which account to whom.');
		return reassign(core.db, { ...parsed.data, by: userOf(request).id }, core.clock());
	});
}

const aboutReassign: RouteAbout = {
	summary: 'Give an account from one person to another',
	details:
		'For managers of the account. The one who had it keeps it on the laptop until unsent work has gone out; what arrives late is handed over to the other.',
	body: { schema: reassignRequest },
	replies: { 200: { says: 'It is so.', schema: reassignReply } },
	errors: {
		403: '`no_access`: not a manager of this account.',
		404: '`not_found`: there is no such colleague.',
		409: '`not_assigned`: the one named does not have the account.',
	},
};
