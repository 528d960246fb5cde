import { accountHandlers } from './accounts/accounts.ts';
import { appHandlers } from './app-info.ts';
import { historyHandlers } from './history.ts';
import { importHandlers } from './imports/imports.ts';
import { issueHandlers } from './issues/issues.ts';
import { noteHandlers } from './notes/notes.ts';
import { peopleHandlers } from './people.ts';
import { assetHandlers } from './renewals/assets.ts';
import { searchHandlers } from './search.ts';
import { syncListHandlers } from './sync/sync-lists.ts';
import { visitHandlers } from './visits/visits.ts';

/** Every handler by method; a test holds this equal to the contract. The sync loop answers its own methods. */
export const handlers = {
	...accountHandlers,
	...appHandlers,
	...assetHandlers,
	...historyHandlers,
	...importHandlers,
	...issueHandlers,
	...noteHandlers,
	...peopleHandlers,
	...searchHandlers,
	...syncListHandlers,
	...visitHandlers,
};
