/// Business calendars: which days are working days in a country.
public enum CalendarsService {}
