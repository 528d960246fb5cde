import { accountHealthHandlers } from './accounts/account-health.ts';
import { accountRightsHandlers } from './accounts/account-rights.ts';
import { accountHandlers } from './accounts/accounts.ts';
import { appHandlers } from './app-info.ts';
import { backupHandlers } from './backup-actions.ts';
import { exportHandlers } from './export/export.ts';
import { attachmentHandlers } from './files/attachments.ts';
import { waitingFileHandlers } from './files/waiting-files.ts';
import { historyHandlers } from './history.ts';
import { importHandlers } from './imports/imports.ts';
import { issueHandlers } from './issues/issues.ts';
import { myDayHandlers } from './my-day/my-day.ts';
import { noteHandlers } from './notes/notes.ts';
import { noteVersionHandlers } from './notes/versions.ts';
import { peopleHandlers } from './people.ts';
import { assetHandlers } from './renewals/assets.ts';
import { searchHandlers } from './search.ts';
import { handoverHandlers } from './sync/leaving/handovers.ts';
import { homelessHandlers } from './sync/leaving/homeless.ts';
import { receiptHandlers } from './sync/reporting/receipt-list.ts';
import { syncListHandlers } from './sync/reporting/sync-lists.ts';
import { outboxHandlers } from './sync/sending/outbox.ts';
import { trashHandlers } from './trash.ts';
import { visitHandlers } from './visits/visits.ts';

/** Every handler by method; a test holds this equal to the contract. The sync loop answers its own methods. */
export const handlers = {
	...accountHandlers,
	...accountHealthHandlers,
	...accountRightsHandlers,
	...appHandlers,
	...assetHandlers,
	...attachmentHandlers,
	...waitingFileHandlers,
	...backupHandlers,
	...exportHandlers,
	...historyHandlers,
	...importHandlers,
	...issueHandlers,
	...myDayHandlers,
	...noteHandlers,
	...noteVersionHandlers,
	...handoverHandlers,
	...homelessHandlers,
	...outboxHandlers,
	...receiptHandlers,
	...peopleHandlers,
	...searchHandlers,
	...syncListHandlers,
	...trashHandlers,
	...visitHandlers,
};
