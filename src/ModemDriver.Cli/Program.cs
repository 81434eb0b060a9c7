Console.WriteLine("modem");
