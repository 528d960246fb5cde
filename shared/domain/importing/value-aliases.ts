import { foldWords } from './clean-text.ts';

/** Words for the status of a case, folded (English, German, French, Spanish, Italian). */
const ASSET_STATUS: Record<string, string> = {
	PENDING:
		'pending|application|applied|filed|published|under examination|examination|in examination|open|prosecution|in prosecution|patent application|app|angemeldet|anhangig|anmeldung|offengelegt|in prufung|demande|deposee|depose|en cours|en instance|en examen|solicitud|en tramite|solicitada|pendiente|domanda|depositata|pendente|in corso|national phase|allowed|accepted',
	GRANTED:
		'granted|grant|issued|patented|registered|active|in force|live|alive|maintained|patent|erteilt|in kraft|aktiv|eingetragen|aufrechterhalten|delivre|delivree|en vigueur|accorde|actif|concedida|concedido|otorgada|vigente|en vigor|concesso|concessa|rilasciato|in vigore|attivo',
	LAPSED_GRACE: 'in grace|grace|grace period|nachfrist|delai de grace|lapsed grace|late|surcharge period',
	LAPSED:
		'lapsed|lapse|ceased|dead|not in force|erloschen|verfallen|nichtzahlung|dechu|dechue|caducado|caducada|caduco|decaduto|decaduta|fee not paid|non payment',
	ABANDONED:
		'abandoned|withdrawn|refused|rejected|dropped|cancelled|canceled|aufgegeben|zuruckgezogen|zuruckgewiesen|fallengelassen|abandonne|abandonnee|retire|retiree|rejete|abandonada|abandonado|retirada|denegada|abbandonato|abbandonata|ritirato|ritirata|rifiutata|revoked|surrendered',
	EXPIRED: 'expired|expiry|term ended|abgelaufen|expire|expiree|vencido|vencida|expirado|scaduto|scaduta',
	SOLD: 'sold|assigned|verkauft|ubertragen|cede|cedee|vendu|vendue|vendido|vendida|venduto|ceduto',
	TRANSFERRED_OUT:
		'transferred out|transferred|transfer out|moved out|abgegeben|transfere|transferee|transferido|trasferito',
	UNKNOWN: 'unknown|unbekannt|inconnu|desconocido|sconosciuto',
};

/** Words for the status of a renewal, folded. */
const RENEWAL_STATUS: Record<string, string> = {
	FUTURE: 'future|not yet due|upcoming|kunftig|a venir|futuro',
	OPEN: 'open|due|undecided|pending|awaiting instruction|awaiting instructions|no instruction|to be decided|offen|fallig|en attente|pendiente|in attesa',
	REMINDED: 'reminded|reminder sent|reminder|erinnert|rappel envoye|relance',
	INSTRUCTED_PAY:
		'pay|pay instructed|instructed pay|instructed|to pay|to be paid|renew|maintain|yes|zahlen|verlangern|payer|a payer|pagar|pagare',
	INSTRUCTED_ABANDON:
		'abandon|abandon instructed|instructed abandon|do not pay|drop|lapse|no|not to be paid|fallenlassen|aufgeben|abandonner|abandonar|abbandonare',
	IN_PROCESS:
		'in process|processing|sent to agent|in progress|ordered|in bearbeitung|en cours|en proceso|in lavorazione',
	PAID: 'paid|confirmed|done|completed|bezahlt|gezahlt|paye|payee|pagado|pagada|pagato|pagata',
	PAID_LATE: 'paid late|paid with surcharge|late|verspatet gezahlt|paye en retard',
	LAPSED: 'lapsed|not paid|unpaid|expired|verfallen|erloschen|dechu|caducado|decaduto',
	CANCELLED: 'cancelled|canceled|void|withdrawn|storniert|annule|cancelado|annullato',
};

function index(words: Record<string, string>): Map<string, string> {
	const entries = Object.entries(words).flatMap(([value, list]) =>
		[value.toLowerCase().replaceAll('_', ' '), ...list.split('|')].map((word): [string, string] => [word, value]),
	);
	return new Map(entries.reverse());
}

const assetStatus = index(ASSET_STATUS);
const renewalStatus = index(RENEWAL_STATUS);

/** The status of a case meant by a client's word, or null. */
export function readAssetStatus(text: string): string | null {
	return assetStatus.get(foldWords(text)) ?? null;
}

/** The status of a renewal meant by a client's word, or null. */
export function readRenewalStatus(text: string): string | null {
	return renewalStatus.get(foldWords(text)) ?? null;
}
