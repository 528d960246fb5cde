import { foldWords } from './clean-text.ts';

/**
 * What clients and patent databases call their columns, per target: English, German, French, Spanish, Italian, and the
 * exports of Espacenet, Lens, Derwent and the usual docketing programs. Best names first is not needed; case and accents are folded.
 */
const WORDS: Record<string, string> = {
	'patent_asset.client_ref':
		'client reference|client ref|your reference|your ref|our reference|our ref|reference|ref|ref no|ref.|case number|case no|case ref|case reference|case id|case|docket|docket number|docket no|file number|file no|file ref|file reference|internal reference|matter|matter number|matter no|matter ref|customer reference|customer ref|asset id|asset number|invention number|Aktenzeichen intern|unser Zeichen|Ihr Zeichen|Kundenzeichen|Mandantenzeichen|Referenz|Aktennummer|Fallnummer|Dossier|numéro de dossier|n° dossier|référence|référence client|votre référence|réf|nuestra referencia|su referencia|referencia|expediente interno|riferimento|nostro riferimento|vostro riferimento|pratica',
	'patent_asset.provider_ref':
		'provider reference|provider ref|supplier reference|annuity provider reference|agent reference|agent ref|renewal reference|service provider ref|provider id|Dienstleisterzeichen|Anwaltszeichen|référence prestataire|référence mandataire|referencia proveedor|riferimento fornitore',
	'patent_asset.family_ref':
		'family|family reference|family ref|family id|family number|family no|patent family|simple family id|inpadoc family id|docdb family id|Familie|Patentfamilie|Familiennummer|famille|numéro de famille|familia|número de familia|famiglia',
	'patent_asset.country':
		'country|country code|jurisdiction|office|office code|patent office|authority|publication country|filing country|state|territory|cc|ctry|Land|Länderkürzel|Ländercode|Staat|Amt|Patentamt|pays|code pays|juridiction|país|pais|código de país|oficina|jurisdicción|paese|stato|nazione',
	'patent_asset.title':
		"title|invention title|title of invention|patent title|description|subject|subject matter|invention|short title|English title|Titel|Bezeichnung|Erfindungstitel|Bezeichnung der Erfindung|titre|intitulé|titre de l'invention|título|titulo de la invención|titolo|titolo dell'invenzione",
	'patent_asset.owner_name':
		'owner|owners|owner name|applicant|applicants|applicant s|applicant name|applicants name|assignee|assignees|current assignee|proprietor|proprietors|patentee|patent owner|registered owner|company|entity|legal entity|client entity|center|centre|Anmelder|Inhaber|Patentinhaber|Eigentümer|Gesellschaft|demandeur|déposant|titulaire|propriétaire|société|solicitante|titular|propietario|richiedente|titolare|proprietario',
	'patent_asset.app_no':
		'application number|application no|application no.|application sn|application serial number|app no|app number|appl no|appln no|appl. no.|application|filing number|filing no|serial number|serial no|application n°|Anmeldenummer|Anmeldenr|Anmelde-Nr|Aktenzeichen|amtliches Aktenzeichen|numéro de dépôt|numéro de demande|n° de dépôt|n° de demande|número de solicitud|nº de solicitud|numero di domanda|numero domanda|numero di deposito',
	'patent_asset.pub_no':
		'publication number|publication no|publication no.|pub no|pub number|publication|published number|document number|patent publication number|Veröffentlichungsnummer|Veröffentlichungs-Nr|Offenlegungsnummer|Publikationsnummer|numéro de publication|n° de publication|número de publicación|numero di pubblicazione',
	'patent_asset.grant_no':
		'patent number|patent no|patent no.|pat no|grant number|grant no|granted number|registration number|registration no|reg no|issue number|patent|patent/publication number|Patentnummer|Patent-Nr|Erteilungsnummer|Registernummer|numéro de brevet|n° de brevet|numéro de délivrance|número de patente|nº de patente|número de concesión|numero di brevetto|numero brevetto',
	'patent_asset.filing_date':
		'filing date|date filed|filed|filed on|application date|date of application|date of filing|app date|filing|international filing date|Anmeldetag|Anmeldedatum|date de dépôt|date de la demande|fecha de solicitud|fecha de presentación|data di deposito|data deposito|data di domanda',
	'patent_asset.priority_date':
		'priority date|earliest priority date|first priority date|earliest priority|date of priority|Prioritätstag|Prioritätsdatum|Priorität|date de priorité|fecha de prioridad|data di priorità',
	'patent_asset.pub_date':
		'publication date|date of publication|pub date|published|published on|Veröffentlichungstag|Veröffentlichungsdatum|Offenlegungstag|date de publication|fecha de publicación|data di pubblicazione',
	'patent_asset.grant_date':
		'grant date|date of grant|granted|granted on|issue date|date of issue|issued|registration date|date of registration|patent date|Erteilungstag|Erteilungsdatum|Eintragungstag|date de délivrance|fecha de concesión|data di concessione|data concessione|data di rilascio',
	'patent_asset.expiry_date':
		"expiry date|expiration date|expiry|expiration|patent expiration date|patent expiry date|expires|expires on|date of expiry|estimated expiry date|anticipated expiration|expected expiry|end of term|term end|Ablaufdatum|Ablauf|Laufzeitende|Schutzende|Ende der Laufzeit|date d'expiration|expiration prévue|fecha de vencimiento|fecha de expiración|fecha de caducidad|data di scadenza|scadenza brevetto",
	'patent_asset.status':
		'status|legal status|case status|patent status|current status|application status|state of case|Rechtsstand|Status Patent|Verfahrensstand|statut|état|statut juridique|estado|estado legal|situación|stato legale|stato della pratica|situazione',
	'patent_asset.cost_centre':
		'cost centre|cost center|cost centre code|cost code|business unit|bu|department|division|budget|budget code|charge code|Kostenstelle|Abteilung|Geschäftsbereich|centre de coût|centre de coûts|unité|département|centro de coste|centro de costos|departamento|centro di costo|reparto',
	'renewal_event.fee_no':
		"annuity|annuity number|annuity no|annuity year|year of annuity|renewal year|renewal number|fee number|fee no|fee year|patent year|Jahresgebühr|Jahr|Patentjahr|Gebührenjahr|annuité|numéro d'annuité|n° annuité|anualidad|número de anualidad|annualità|numero annualità",
	'renewal_event.window_opens':
		'window opens|payable from|earliest payment|earliest payment date|opens|payment window|zahlbar ab|payable à partir du|pagable desde|pagabile dal',
	'renewal_event.due_date':
		"due date|renewal date|renewal due date|annuity due date|next renewal|next renewal date|next due date|next annuity date|official due date|payment due|payment due date|due|deadline|next deadline|fee due date|Fälligkeit|Fälligkeitsdatum|Fälligkeitstag|fällig am|nächste Fälligkeit|échéance|date d'échéance|prochaine échéance|fecha de pago|vencimiento|próximo vencimiento|scadenza|data scadenza|prossima scadenza",
	'renewal_event.free_until':
		"last day without surcharge|free until|without surcharge until|zuschlagsfrei bis|sans surtaxe jusqu'au|sin recargo hasta|senza sovrattassa fino al",
	'renewal_event.grace_end':
		'grace end|end of grace|grace period end|grace date|grace period|grace deadline|final deadline|final date|last day with surcharge|late date|Ende der Nachfrist|Nachfrist|Nachfrist bis|délai de grâce|fin du délai de grâce|fin de periodo de gracia|periodo de gracia|fine periodo di grazia|periodo di grazia',
	'renewal_event.client_cutoff':
		"cut-off|cutoff|cut off date|client cut-off|our cut-off|instruction deadline|instructions by|instruct by|response date|decision date|decision due|Weisungsfrist|Weisung bis|date limite d'instruction|instructions avant le|fecha límite de instrucciones|termine istruzioni",
	'renewal_event.status':
		'renewal status|annuity status|payment status|fee status|instruction|instructions|decision|Zahlungsstatus|Gebührenstatus|Weisung|statut annuité|statut de paiement|instrucción|estado de pago|stato pagamento|istruzione',
	'renewal_event.official_fee':
		'official fee|official fees|official amount|office fee|government fee|govt fee|annuity fee|renewal fee|fee amount|amount|fee|cost|annuity cost|annuity amount|Amtsgebühr|amtliche Gebühr|Gebühr|Gebührenbetrag|Betrag|taxe officielle|taxe|montant|montant officiel|tasa oficial|tasa|importe|tassa ufficiale|tassa|importo',
	'renewal_event.service_fee':
		'service fee|service charge|provider fee|our fee|handling fee|agent fee|Servicegebühr|Honorar|Dienstleistungsgebühr|honoraires|frais de service|honorarios|onorario|onorari',
	'renewal_event.surcharge':
		'surcharge|late fee|penalty|late payment fee|Zuschlag|Verspätungszuschlag|Zuschlagsgebühr|surtaxe|recargo|sovrattassa|soprattassa',
	'renewal_event.currency': 'currency|currency code|ccy|curr|fee currency|Währung|devise|monnaie|moneda|divisa|valuta',
};

/** A header that speaks of these is never the field its other words suggest: "Simple Family Size", "Publication Year". */
const COUNTER_WORDS = new Set(
	'size count year years type kind url link text inventor inventors erfinder inventeur inventeurs cited cites citation citations citing classification classifications search agent attorney email comment comments pages claims sequence examiner language previous priority prio literature used'.split(
		' ',
	),
);

/** Names that mean a field here often, and something else often enough to be looked at. */
const VAGUE = new Set(
	'center centre case reference ref number patent application publication description subject entity company department state land fee cost amount due instruction instructions decision deadline division budget grace granted issued filed expiry scadenza estado stato'.split(
		' ',
	),
);

interface Phrase {
	target: string;
	tokens: string[];
}

const exact = new Map<string, string>();
const phrases: Phrase[] = [];
for (const [target, list] of Object.entries(WORDS)) {
	for (const word of list.split('|')) {
		const folded = foldWords(word);
		if (!exact.has(folded)) exact.set(folded, target);
		phrases.push({ target, tokens: folded.split(' ') });
	}
}

/** The target a header names, and how sure that is (0 to 1). Null when it names none. */
export function matchHeader(header: string): { target: string; score: number } | null {
	const folded = foldWords(header);
	if (folded === '') return null;
	const whole = exact.get(folded);
	if (whole !== undefined) return { target: whole, score: VAGUE.has(folded) ? 0.7 : 0.95 };
	const tokens = folded.split(' ').filter((token) => token !== 's' && token !== 'the');
	let best: { target: string; score: number } | null = null;
	for (const phrase of phrases) {
		const score = phraseScore(tokens, phrase.tokens);
		if (score > (best?.score ?? 0)) best = { target: phrase.target, score };
	}
	return best;
}

/** How well a header with words around a known name still means it. The last word counts most: a "case title" is a title. */
function phraseScore(tokens: string[], phrase: string[]): number {
	const extra = tokens.length - phrase.length;
	if (extra < 0 || extra > 3) return 0;
	const start = runStart(tokens, phrase);
	if (start === -1) return 0;
	if (tokens.some((token, index) => (index < start || index >= start + phrase.length) && COUNTER_WORDS.has(token)))
		return 0;
	const single = phrase.length === 1 && extra > 0 ? 0.15 : 0;
	const last = start + phrase.length === tokens.length ? 0 : 0.1;
	return Math.max(0.3, 0.9 - 0.12 * extra - single - last);
}

function runStart(tokens: string[], run: string[]): number {
	for (let start = 0; start + run.length <= tokens.length; start++) {
		if (run.every((token, offset) => tokens[start + offset] === token)) return start;
	}
	return -1;
}
