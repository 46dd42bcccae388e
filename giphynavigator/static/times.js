// Moments come in UTC; readers have them as their own clocks do.

const style = { dateStyle: "medium", timeStyle: "short" };

/** Tell the moments in a place as the reader's clock has them. */
export function tellTimes(place) {
  for (const time of place.querySelectorAll("time[datetime]")) {
    const moment = new Date(time.dateTime);
    time.title = moment.toISOString();
    time.textContent = moment.toLocaleString([], style);
  }
}
