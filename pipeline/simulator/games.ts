/** A game that the simulated Steam knows, by its real id and name. Figures are typical ones, not today's. */
export interface SimulatedGame {
  id: number;
  name: string;
  /** Players at an average hour. */
  base: number;
  /** In cents of a US dollar; 0 where it is free. */
  price: number;
  /** The store's review score, 0 to 9. */
  review: number;
  genres: string[];
  /** Hours by which its players' evening comes after 0:00 UTC. */
  eveningUtc: number;
}

const GENRES: Record<string, string> = {
  A: "Action",
  V: "Adventure",
  R: "RPG",
  S: "Strategy",
  M: "Simulation",
  F: "Free To Play",
  W: "Massively Multiplayer",
  I: "Indie",
  C: "Casual",
  P: "Sports",
  X: "Racing",
};

/** id | name | base players | price | review | genres | evening, UTC */
const TABLE = `
730|Counter-Strike 2|900000|0|8|AF|16
570|Dota 2|420000|0|8|ASF|15
578080|PUBG: BATTLEGROUNDS|320000|0|5|AVWF|12
1172470|Apex Legends|130000|0|6|AVF|18
2767030|Marvel Rivals|120000|0|7|AF|17
271590|Grand Theft Auto V|110000|1999|8|AV|19
431960|Wallpaper Engine|95000|399|9|CIM|14
252490|Rust|92000|3999|8|AVRWI|19
359550|Tom Clancy's Rainbow Six Siege|68000|1999|7|A|19
440|Team Fortress 2|64000|0|8|AF|20
236390|War Thunder|62000|0|7|AMFW|17
1086940|Baldur's Gate 3|60000|5999|9|RSV|20
230410|Warframe|52000|0|8|ARF|19
413150|Stardew Valley|58000|1499|9|IRM|20
1245620|ELDEN RING|46000|5999|8|AR|19
105600|Terraria|38000|999|9|AVIR|18
550|Left 4 Dead 2|32000|999|9|A|15
1091500|Cyberpunk 2077|38000|5999|8|R|20
1203220|NARAKA: BLADEPOINT|70000|0|6|AVWF|13
1938090|Call of Duty|66000|6999|4|A|19
553850|HELLDIVERS 2|48000|3999|7|A|20
2358720|Black Myth: Wukong|26000|5999|9|AVR|13
1599340|Lost Ark|28000|0|6|AVRWF|14
238960|Path of Exile|24000|0|8|AVIRWF|19
2694490|Path of Exile 2|52000|2999|7|AVR|19
381210|Dead by Daylight|38000|1999|7|A|20
394360|Hearts of Iron IV|38000|4999|8|MS|18
227300|Euro Truck Simulator 2|36000|1999|9|IM|18
294100|RimWorld|30000|3499|9|IMS|19
221100|DayZ|40000|4999|7|AVW|19
304930|Unturned|26000|0|8|AVCFI|17
346110|ARK: Survival Evolved|20000|1499|7|AVIRW|19
2399830|ARK: Survival Ascended|22000|4499|5|AVIRW|20
1085660|Destiny 2|32000|0|6|AVF|20
1063730|New World: Aeternum|18000|5999|6|AVRW|19
306130|The Elder Scrolls Online|16000|1999|7|VRW|20
284160|BeamNG.drive|16000|2499|9|XMI|18
255710|Cities: Skylines|14000|2999|8|MS|18
949230|Cities: Skylines II|9000|4999|5|MS|18
289070|Sid Meier's Civilization VI|36000|5999|8|S|20
1295660|Sid Meier's Civilization VII|14000|6999|5|S|20
8930|Sid Meier's Civilization V|13000|2999|9|S|20
281990|Stellaris|16000|3999|8|MS|19
1158310|Crusader Kings III|14000|4999|8|RMS|19
236850|Europa Universalis IV|13000|3999|7|MS|19
3450310|Europa Universalis V|20000|5999|7|MS|19
529340|Victoria 3|7000|4999|6|MS|19
292030|The Witcher 3: Wild Hunt|18000|3999|9|R|19
489830|The Elder Scrolls V: Skyrim Special Edition|22000|3999|8|R|20
377160|Fallout 4|18000|1999|7|R|20
1151340|Fallout 76|12000|3999|7|R|20
1174180|Red Dead Redemption 2|36000|5999|8|AV|19
322330|Don't Starve Together|32000|1499|9|AVIM|14
892970|Valheim|20000|1999|9|AVIR|20
1623730|Palworld|26000|2999|9|AVIR|13
526870|Satisfactory|18000|3999|9|AVIMS|20
427520|Factorio|18000|3500|9|CIMS|20
108600|Project Zomboid|38000|1999|9|IRM|20
242760|The Forest|8000|1999|9|AVIM|19
1326470|Sons Of The Forest|9000|2999|8|AVIM|19
264710|Subnautica|6000|2999|9|AVI|20
275850|No Man's Sky|12000|5999|7|AV|20
739630|Phasmophobia|14000|1999|9|AI|20
1966720|Lethal Company|8000|999|9|AVI|20
648800|Raft|6000|1999|9|AVIM|18
1144200|Ready or Not|11000|4999|7|AVI|20
107410|Arma 3|12000|2999|8|AMS|18
1874880|Arma Reforger|12000|3999|7|AMS|18
393380|Squad|8000|4999|7|AIWS|18
686810|Hell Let Loose|7000|4999|7|AIWMS|18
1517290|Battlefield 2042|9000|5999|4|AV|19
1238810|Battlefield V|9000|4999|7|A|18
2807960|Battlefield 6|110000|6999|7|A|20
2669320|EA SPORTS FC 25|26000|6999|4|MP|19
3405690|EA SPORTS FC 26|52000|6999|5|MP|19
2878980|NBA 2K25|14000|6999|4|MP|20
252950|Rocket League|18000|0|8|AIXP|20
244210|Assetto Corsa|10000|1999|9|XIMP|19
1551360|Forza Horizon 5|17000|5999|8|AVXMP|18
2483190|Forza Horizon 6|60000|6999|8|XMP|13
1222670|The Sims 4|32000|0|7|VCMF|20
1203620|Enshrouded|8000|2999|8|AVR|20
1604030|V Rising|6000|3499|8|AVIRW|20
960090|Bloons TD 6|18000|1399|9|S|21
646570|Slay the Spire|12000|2499|9|IS|20
2868840|Slay the Spire 2|80000|2499|9|IS|20
2379780|Balatro|14000|1499|9|CIS|21
1794680|Vampire Survivors|6000|499|9|ACIR|20
250900|The Binding of Isaac: Rebirth|10000|1499|9|A|20
1145350|Hades II|9000|2999|9|AIR|20
367520|Hollow Knight|8000|1499|9|AVI|19
1030300|Hollow Knight: Silksong|16000|1999|8|AVI|19
3241660|R.E.P.O.|26000|999|9|AI|20
3164500|Schedule I|20000|1999|9|AIMS|20
3527290|PEAK|28000|799|9|AVI|20
1903340|Clair Obscur: Expedition 33|9000|4999|9|R|20
2246340|Monster Hunter Wilds|24000|6999|5|A|13
582010|Monster Hunter: World|18000|2999|8|A|13
1446780|MONSTER HUNTER RISE|8000|3999|8|A|13
1364780|Street Fighter 6|18000|5999|7|A|13
1778820|TEKKEN 8|7000|6999|5|AP|13
1449850|Yu-Gi-Oh! Master Duel|14000|0|7|MSF|13
1671210|DELTARUNE|7000|2499|9|IR|20
3224770|Umamusume: Pretty Derby|36000|0|8|CMPF|13
2073620|Arena Breakout: Infinite|12000|0|5|AF|13
2507950|Delta Force|110000|0|6|AFM|13
1808500|ARC Raiders|160000|3999|8|AV|20
2073850|THE FINALS|16000|0|7|AF|20
2139460|Once Human|26000|0|6|AVRF|13
3146520|Where Winds Meet|70000|0|8|AVRF|13
3513350|Wuthering Waves|24000|0|7|AVRF|13
1407200|World of Tanks|10000|0|6|AMFW|18
1449560|Metro Exodus|3000|2999|9|A|18
291550|Brawlhalla|10000|0|8|AFI|20
8500|EVE Online|4000|0|6|ARSFW|19
`;

/** Every game of the simulated store. */
export const games: readonly SimulatedGame[] = TABLE.trim()
  .split("\n")
  .map((line) => {
    const [id, name = "", base, price, review, genres = "", evening] = line.split("|");
    return {
      id: Number(id),
      name,
      base: Number(base),
      price: Number(price),
      review: Number(review),
      genres: [...genres].map((letter) => GENRES[letter] ?? letter),
      eveningUtc: Number(evening),
    };
  });
