// Makes the page quicker and adds the map; without it every step works as a plain form.
import { startMap } from "./map.js";
import { startPanel } from "./panel.js";
import { startPlace } from "./place.js";
import { startSearch } from "./search.js";
import { startCard } from "./card.js";
import { startAge } from "./age.js";

const map = startMap(document.getElementById("map"));
const place = startPlace(map);
const panel = startPanel(() => {
  map.show();
  place.shown();
});
place.goBy(panel.go);
startSearch();
startCard();
startAge();
map.show();
place.shown();
performance.mark("ready");
document.documentElement.dataset.ready = "yes";
