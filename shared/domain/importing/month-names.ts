/** Month names as client files write them, accents removed: English, German, French, Spanish, Italian, Portuguese, Dutch, Swedish, Polish, Czech. */
const MONTHS: readonly string[] = [
	'january januar janner janvier enero gennaio janeiro januari stycznia styczen ledna leden jan janv ene gen',
	'february februar feber fevrier febrero febbraio fevereiro februari lutego luty unora unor feb fevr fev febr',
	'march marz maerz mars marzo marco maart marca marzec brezna brezen mar mrz mrt',
	'april avril abril aprile kwietnia kwiecien dubna duben apr avr abr',
	'may mai mayo maggio maio mei maj maja kvetna kveten mag',
	'june juni juin junio giugno junho czerwca czerwiec cervna cerven jun giu',
	'july juli juillet julio luglio julho lipca lipiec cervence cervenec jul juil lug',
	'august aout agosto augusti augustus sierpnia sierpien srpna srpen aug ago',
	'september septembre septiembre setiembre settembre setembro wrzesnia wrzesien zari sep sept set',
	'october oktober octobre octubre ottobre outubro pazdziernika pazdziernik rijna rijen oct okt ott out',
	'november novembre noviembre novembro listopada listopad listopadu nov',
	'december dezember decembre diciembre dicembre dezembro decembrie grudnia grudzien prosince prosinec dec dez dic',
];

const months = new Map<string, number>(
	MONTHS.flatMap((names, index) => names.split(' ').map((name): [string, number] => [name, index + 1])),
);

/** Number of the month (1 to 12) of a folded name, or undefined. */
export function monthByName(folded: string): number | undefined {
	return months.get(folded);
}
